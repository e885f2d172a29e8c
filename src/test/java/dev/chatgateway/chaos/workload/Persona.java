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
 * @param leaves when it goes for good
 * @param direct goes to a pod itself, past the balancer, with little room for what it has not read
 * @param visits tickets it looks into, and leaves for good
 * @param silent joins, and then says, marks and types nothing, nor ever leaves
 * @param probes a ticket it is not admitted to and tries to enter; null for none
 */
record Persona(
    String name,
    String user,
    boolean admin,
    List<String> tickets,
    Door door,
    boolean roams,
    Leaves leaves,
    boolean direct,
    boolean silent,
    List<String> visits,
    String probes) {

  /** When somebody goes for good: as of the fault. */
  enum Leaves {
    NEVER,
    BEFORE,
    DURING,
    AFTER
  }

  String token() {
    return admin
        ? Tokens.admin(user).sign()
        : Tokens.user(user).tickets(tickets.toArray()).sign();
  }

  boolean stays() {
    return leaves == Leaves.NEVER;
  }

  RunHeader.Admission admission() {
    return new RunHeader.Admission(admin, admin ? List.of() : tickets);
  }
}
