package dev.chatgateway.auth;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A {@link KeyServer} in the place of the keys of dev mode and tests; a test's field gets it. */
public class KeyServerResource implements QuarkusTestResourceLifecycleManager {
  private KeyServer server;

  @Override
  public Map<String, String> start() {
    server = new KeyServer();
    return Map.of(
        "mp.jwt.verify.publickey.location", server.address(),
        "mp.jwt.verify.issuer", "NONE",
        "chat.keys.unknown-kid-interval", "100ms");
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(server, new TestInjector.MatchesType(KeyServer.class));
  }

  @Override
  public void stop() {
    if (server != null) {
      server.close();
    }
  }
}
