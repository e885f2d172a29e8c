package dev.chatgateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that Java can't send by itself. */
public final class Signals {
  private Signals() {}

  /** Sends that signal ({@code STOP}, {@code CONT}) to a process. */
  public static void send(String signal, long pid) {
    try {
      int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
          .inheritIO()
          .start()
          .waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill -" + signal + " " + pid + " ended with " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
