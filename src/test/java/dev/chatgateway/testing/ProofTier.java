package dev.chatgateway.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/**
 * Keeps only the tests whose source is in {@code src/proof/java}, and those marked {@link Proof}, where
 * {@code chat.test.tier} is {@code proof}, as the Maven profile sets it: what {@code verify} runs is
 * not run twice.
 */
public final class ProofTier implements PostDiscoveryFilter {
  private static final Path SOURCES = Path.of("src", "proof", "java");

  @Override
  public FilterResult apply(TestDescriptor descriptor) {
    if (!System.getProperty("chat.test.tier", "").equals("proof")) {
      return FilterResult.included("both tiers");
    }
    if (descriptor.getTags().contains(TestTag.create(Proof.TAG))) {
      return FilterResult.included("tagged");
    }
    String type = descriptor.getSource().map(ProofTier::className).orElse(null);
    return FilterResult.includedIf(type == null || isProof(type));
  }

  private static String className(TestSource source) {
    if (source instanceof MethodSource method) {
      return method.getClassName();
    }
    return source instanceof ClassSource type ? type.getClassName() : null;
  }

  private static boolean isProof(String type) {
    int nested = type.indexOf('$');
    String outer = nested < 0 ? type : type.substring(0, nested);
    return Files.exists(SOURCES.resolve(outer.replace('.', '/') + ".java"));
  }
}
