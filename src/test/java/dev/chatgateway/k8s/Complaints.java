package dev.chatgateway.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with one object or several. */
final class Complaints {
  private final List<String> all = new ArrayList<>();

  List<String> all() {
    return List.copyOf(all);
  }

  void unless(boolean right, String about, String complaint) {
    if (!right) {
      all.add(about + ": " + complaint);
    }
  }

  /** What is at that place has to be that value, written as in JSON. */
  void unlessIs(JsonNode in, String pointer, String wanted, String about) {
    JsonNode is = in.at(pointer);
    unless(is.toString().equals(wanted), about, pointer + " is " + is + " and not " + wanted);
  }

  /** What is at that place has to be absent. */
  void unlessAbsent(JsonNode in, String pointer, String about) {
    JsonNode is = in.at(pointer);
    unless(is.isMissingNode(), about, pointer + " is " + is + " and should not be there");
  }
}
