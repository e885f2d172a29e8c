package dev.chatgateway.ops;

import dev.chatgateway.redis.ConnectionString;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import io.smallrye.config.common.utils.StringUtil;
import jakarta.annotation.Priority;
import java.util.regex.Pattern;

/**
 * Refuses addresses of Redis that can't be read before anything else tries to: whoever fails to
 * convert them prints them, with the password.
 */
@Priority(Priorities.LIBRARY + 1001) // around the one that resolves expressions
public class RedisHostsInterceptor implements ConfigSourceInterceptor {
  private static final Pattern HOSTS = Pattern.compile("quarkus\\.redis\\.(.+\\.)?hosts");
  private static final long serialVersionUID = 1L;

  @Override
  public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    if (value != null && value.getValue() != null && HOSTS.matcher(name).matches()) {
      for (String address : StringUtil.split(value.getValue())) {
        if (!address.isBlank()) {
          require(address.trim(), name);
        }
      }
    }
    return value;
  }

  private static void require(String address, String name) {
    try {
      ConnectionString.parse(address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage());
    }
  }
}
