/**
 * Engine.IO protocol 4 on Vert.x and Netty: sessions over HTTP long-polling and WebSocket, and the
 * upgrade from one to the other. Knows nothing of what the messages mean.
 */
package dev.chatgateway.socketio.engine;
