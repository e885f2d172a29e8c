/** What both doors need of WebSockets in Netty's pipeline. */
package dev.chatgateway.websocket;
