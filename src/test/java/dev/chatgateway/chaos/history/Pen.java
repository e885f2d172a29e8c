package dev.chatgateway.chaos.history;

/** Writes one worker's lines. */
public final class Pen {
  private final History history;
  private final String worker;

  Pen(History history, String worker) {
    this.history = history;
    this.worker = worker;
  }

  public String worker() {
    return worker;
  }

  /** What is about to be asked on a connection. Returns what the outcome is {@code of}. */
  public long invoke(String conn, Op op) {
    return history.write(worker, conn, new Fact.Invoke(op));
  }

  /** What is about to be asked by HTTP. */
  public long invoke(Op op) {
    return invoke(null, op);
  }

  public void ok(long of, Result result) {
    history.write(worker, null, new Fact.Ok(of, result));
  }

  public void fail(long of, String code) {
    history.write(worker, null, new Fact.Fail(of, code));
  }

  public void unknown(long of, String why) {
    history.write(worker, null, new Fact.Unknown(of, why));
  }

  public void opened(String conn, String user, String door, String pod) {
    history.write(worker, conn, new Link.Opened(user, door, pod));
  }

  public void closed(String conn, int code, boolean byClient) {
    history.write(worker, conn, new Link.Closed(code, byClient));
  }

  public void saw(String conn, Seen seen) {
    history.write(worker, conn, seen);
  }

  /** How it stands at the end. */
  public void last(Final last) {
    history.write(worker, null, last);
  }
}
