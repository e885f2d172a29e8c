package dev.chatgateway.chaos.check;

import dev.chatgateway.chaos.history.Fact;
import dev.chatgateway.chaos.history.Final;
import dev.chatgateway.chaos.history.Op;
import dev.chatgateway.chaos.history.Seen;

/** Which ticket something is about. */
final class Tickets {
  private Tickets() {}

  /** Null where it is about none. */
  static String of(Run run, Fact fact) {
    if (fact instanceof Seen seen) {
      return of(seen);
    } else if (fact instanceof Final last) {
      return of(last);
    } else if (fact instanceof Fact.Invoke invoke) {
      return of(invoke.op());
    } else if (fact instanceof Fact.Ok ok) {
      return of(run.op(ok.of()));
    } else if (fact instanceof Fact.Fail fail) {
      return of(run.op(fail.of()));
    } else if (fact instanceof Fact.Unknown unknown) {
      return of(run.op(unknown.of()));
    }
    return null;
  }

  static String of(Seen seen) {
    if (seen instanceof Seen.NewMessage it) {
      return it.ticket();
    } else if (seen instanceof Seen.StatusUpdate it) {
      return it.ticket();
    } else if (seen instanceof Seen.UserJoined it) {
      return it.ticket();
    } else if (seen instanceof Seen.UserLeft it) {
      return it.ticket();
    } else if (seen instanceof Seen.UserTyping it) {
      return it.ticket();
    } else if (seen instanceof Seen.Notification it) {
      return it.ticket();
    } else if (seen instanceof Seen.PushedJoin it) {
      return it.ticket();
    } else if (seen instanceof Seen.PutOut it) {
      return it.ticket();
    } else if (seen instanceof Seen.Other it) {
      return it.ticket();
    }
    return null;
  }

  private static String of(Final last) {
    if (last instanceof Final.Log it) {
      return it.ticket();
    } else if (last instanceof Final.View it) {
      return it.ticket();
    } else if (last instanceof Final.Participants it) {
      return it.ticket();
    } else if (last instanceof Final.Unread it) {
      return it.ticket();
    }
    return null;
  }

  /** Null for null. */
  static String of(Op op) {
    if (op instanceof Op.Join it) {
      return it.ticket();
    } else if (op instanceof Op.Leave it) {
      return it.ticket();
    } else if (op instanceof Op.Send it) {
      return it.ticket();
    } else if (op instanceof Op.Publish it) {
      return it.ticket();
    } else if (op instanceof Op.Mark it) {
      return it.ticket();
    } else if (op instanceof Op.Typing it) {
      return it.ticket();
    } else if (op instanceof Op.SetStatus it) {
      return it.ticket();
    } else if (op instanceof Op.ReadLog it) {
      return it.ticket();
    } else if (op instanceof Op.ReadStatus it) {
      return it.ticket();
    } else if (op instanceof Op.ReadParticipants it) {
      return it.ticket();
    } else if (op instanceof Op.ReadTyping it) {
      return it.ticket();
    }
    return null;
  }
}
