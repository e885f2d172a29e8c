package dev.chatgateway.socket;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Has the server agree to no extension of WebSockets, at either door. Compression would let a few
 * bytes inflate to megabytes before their size is known, and costs each connection its own memory.
 * Quarkus's own property speaks of {@code permessage-deflate} alone.
 */
@Singleton
class NoExtensions implements HttpServerOptionsCustomizer {
  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    offerNone(options);
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    offerNone(options);
  }

  @Override
  public void customizeDomainSocketServer(HttpServerOptions options) {
    offerNone(options);
  }

  private static void offerNone(HttpServerOptions options) {
    options
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }
}
