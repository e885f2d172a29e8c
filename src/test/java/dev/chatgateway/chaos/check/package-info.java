/**
 * Checks the history of a run against what the gateway promises. {@link
 * dev.chatgateway.chaos.check.Checker} is the program; each {@link
 * dev.chatgateway.chaos.check.Property} says in its javadoc what it claims and what it doesn't;
 * {@link dev.chatgateway.chaos.check.Plant} breaks a history on purpose, to see that the checker notices.
 */
package dev.chatgateway.chaos.check;
