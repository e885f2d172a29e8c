package dev.chatgateway.socketio.engine;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The sessions of a server by their sid. May be used from anywhere. */
final class Registry {
  private final ConcurrentHashMap<String, EngineSession> sessions = new ConcurrentHashMap<>();

  EngineSession get(String sid) {
    return sessions.get(sid);
  }

  void add(EngineSession session) {
    if (sessions.putIfAbsent(session.sid(), session) != null) {
      throw new IllegalStateException("this sid is taken");
    }
  }

  void remove(EngineSession session) {
    sessions.remove(session.sid(), session);
  }

  void forEach(Consumer<EngineSession> action) {
    sessions.values().forEach(action);
  }

  int size() {
    return sessions.size();
  }
}
