package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.RunHeader;
import dev.chatgateway.testing.Tokens;
import java.util.List;

/**
 * Who a worker is and what it is like.
 *
 * @param name the worker's, unique in the run
 * @param tickets those it joins
 * @param roams changes its connection every few seconds
 * @param leaves goes for good, soon after it has joined
 * @param direct goes to a pod itself, past the balancer, with little room for what it has not read
 * @param probes a ticket it is not admitted to and tries to enter; null for none
 */
record Persona(
    String name,
    String user,
    boolean admin,
    List<String> tickets,
    Door door,
    boolean roams,
    boolean leaves,
    boolean direct,
    String probes) {

  String token() {
    return admin
        ? Tokens.admin(user).sign()
        : Tokens.user(user).tickets(tickets.toArray()).sign();
  }

  RunHeader.Admission admission() {
    return new RunHeader.Admission(admin, admin ? List.of() : tickets);
  }
}
