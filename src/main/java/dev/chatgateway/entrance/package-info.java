/**
 * What every connection passes before a request reaches a door: deadlines for requests, and the
 * refusal of requests that are none.
 */
package dev.chatgateway.entrance;
