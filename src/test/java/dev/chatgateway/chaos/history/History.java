package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the history of a run, from any number of threads. A line costs some microseconds and is
 * buffered: {@link #close} it, or the end is missing. What is written after that is dropped.
 */
public final class History implements AutoCloseable {
  private final ObjectWriter json = HistoryJson.writer();
  private final long start = System.nanoTime();
  private final OutputStream out;
  private long n;
  private boolean closed;

  private History(OutputStream out) {
    this.out = out;
  }

  /** Begins a file, whose first line is the header. */
  public static History begin(Path file, RunHeader header) {
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      History history = new History(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
      history.write(null, null, header);
      return history;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A worker's pen. */
  public Pen worker(String name) {
    return new Pen(this, name);
  }

  /** Writes what belongs to no worker, such as {@link Fault}s. */
  public long write(Fact fact) {
    return write(null, null, fact);
  }

  /** Writes one line, and returns its number. */
  public long write(String worker, String conn, Fact fact) {
    synchronized (out) {
      long number = ++n;
      if (closed) {
        return number;
      }
      long ns = System.nanoTime() - start;
      try {
        out.write(json.writeValueAsBytes(
            new Entry(number, ns, System.currentTimeMillis(), worker, conn, fact)));
        out.write('\n');
        if (fact instanceof Fault) {
          out.flush();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return number;
    }
  }

  @Override
  public void close() {
    synchronized (out) {
      if (!closed) {
        closed = true;
        try {
          out.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
