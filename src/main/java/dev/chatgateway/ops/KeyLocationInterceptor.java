package dev.chatgateway.ops;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;

/**
 * Takes a key's location that is empty as none, which {@link TokenKeyCheck} has something to say
 * about: compose files and charts pass on variables that nobody has set.
 */
@Priority(Priorities.LIBRARY + 1000) // around the one that resolves expressions
public class KeyLocationInterceptor implements ConfigSourceInterceptor {
  static final String LOCATION = "mp.jwt.verify.publickey.location";
  static final String NONE = "NONE";

  private static final long serialVersionUID = 1L;

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    return value != null
            && name.equals(LOCATION)
            && (value.getValue() == null || value.getValue().isBlank())
        ? value.withValue(NONE)
        : value;
  }
}
