package dev.chatgateway.chaos.workload;

import dev.chatgateway.chaos.history.Result;

/** What becomes of a question on a connection: nothing more, but that it may have been a wasted one. */
class Then implements Asks.Outcome {
  final Connection connection;

  Then(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void ok(Result result) {}

  @Override
  public void fail(String code, boolean retry, long afterMs) {}

  @Override
  public void unknown(boolean closed) {
    if (!closed) {
      connection.wasted();
    }
  }

  /** For a question without whose answer there is nothing to do on that connection. */
  static class OrElse extends Then {
    private final Runnable question;

    OrElse(Connection connection, Runnable question) {
      super(connection);
      this.question = question;
    }

    @Override
    public void fail(String code, boolean retry, long afterMs) {
      connection.again(retry, afterMs, question);
    }

    @Override
    public void unknown(boolean closed) {
      if (!closed) {
        connection.drop();
      }
    }
  }

  /** Whatever comes of it, it goes on. */
  static final class Anyhow extends Then {
    private final Runnable next;

    Anyhow(Connection connection, Runnable next) {
      super(connection);
      this.next = next;
    }

    @Override
    public void ok(Result result) {
      next.run();
    }

    @Override
    public void fail(String code, boolean retry, long afterMs) {
      next.run();
    }

    @Override
    public void unknown(boolean closed) {
      super.unknown(closed);
      next.run();
    }
  }
}
