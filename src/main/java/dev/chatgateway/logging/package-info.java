/** What keeps the log readable, for every package. */
package dev.chatgateway.logging;
