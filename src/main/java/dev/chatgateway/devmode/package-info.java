/**
 * What makes {@code quarkus:dev} work from nothing: a Redis, tokens, a page to try the gateway.
 * None of it is active in production, nor part of the package.
 */
package dev.chatgateway.devmode;
