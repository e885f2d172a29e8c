package dev.chatgateway.redis;

import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/** What Redis answered; a view that keeps the client library out of the features. */
public final class Reply {
  private static final byte[] EMPTY = new byte[0];

  private final Response response;

  Reply(Response response) {
    this.response = response;
  }

  /** Whether Redis answered nil. */
  public boolean isNull() {
    return response == null;
  }

  public String text() {
    return response == null ? null : response.toString();
  }

  public long number() {
    return response.toLong();
  }

  public byte[] bytes() {
    return response == null ? EMPTY : response.toBytes();
  }

  /** Elements of an array; 0 for nil. */
  public int size() {
    return response == null ? 0 : response.size();
  }

  public Reply at(int index) {
    return new Reply(response.get(index));
  }

  /** What a map, or an array of names and values, has under that name; null where nothing. */
  String field(String name) {
    Response value = response.get(name);
    return value == null ? null : value.toString();
  }

  public List<String> texts() {
    List<String> texts = new ArrayList<>(size());
    for (int i = 0; i < size(); i++) {
      texts.add(response.get(i).toString());
    }
    return texts;
  }
}
