package dev.chatgateway.session;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Under which name a session is known to the store, and whether it may be made known now. */
public interface Membership {
  /** The session's name in the store; it changes when this pod had to begin anew. */
  String member(Session session);

  /**
   * The names under which something of the session may be in the store still, since it was on its way
   * when this pod began anew: what is stored or taken out under its name now takes these out, too.
   */
  List<String> formerMembers(Session session);

  /** The session's name, and those it had: what is to be taken out of the store. */
  default List<String> allMembers(Session session) {
    List<String> all = new ArrayList<>(formerMembers(session));
    all.add(member(session));
    return all;
  }

  /**
   * Waits until this pod may store something for its sessions.
   *
   * @return completes on that loop, mostly at once; fails where it takes too long
   */
  Future<Void> ready(Loop loop);
}
