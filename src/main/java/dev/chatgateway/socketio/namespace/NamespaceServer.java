package dev.chatgateway.socketio.namespace;

import dev.chatgateway.socketio.engine.EngineConnection;
import dev.chatgateway.socketio.engine.EngineListener;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Speaks Socket.IO on the sessions of an {@link dev.chatgateway.socketio.engine.EngineServer}. */
public final class NamespaceServer implements Function<EngineConnection, EngineListener> {
  private final NamespaceOptions options;
  private final Supplier<String> ids;
  private final Map<String, Namespace> namespaces;

  /**
   * @param ids gives a new id for each socket
   * @param namespaces by name, {@code /} being that of clients that name none
   */
  public NamespaceServer(
      NamespaceOptions options, Supplier<String> ids, Map<String, Namespace> namespaces) {
    this.options = options;
    this.ids = ids;
    this.namespaces = Map.copyOf(namespaces);
  }

  @Override
  public EngineListener apply(EngineConnection connection) {
    return new NamespaceClient(connection, this);
  }

  NamespaceOptions options() {
    return options;
  }

  String newId() {
    return ids.get();
  }

  /** The namespace of that name, or null; a query is part of the name, as in the reference. */
  Namespace namespace(String name) {
    return namespaces.get(name);
  }
}
