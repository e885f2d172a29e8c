package dev.chatgateway.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** Of a test in {@code src/test/java} that {@code verify} leaves to {@code verify -Pproof}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag(Proof.TAG)
public @interface Proof {
  String TAG = "proof";
}
