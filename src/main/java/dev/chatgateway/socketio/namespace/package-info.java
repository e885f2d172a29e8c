/**
 * Socket.IO protocol 5 on top of {@link dev.chatgateway.socketio.engine}: packets with binary
 * attachments and acknowledgements, and several namespaces on one session.
 */
package dev.chatgateway.socketio.namespace;
