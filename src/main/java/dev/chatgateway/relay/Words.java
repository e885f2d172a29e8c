package dev.chatgateway.relay;

import dev.chatgateway.protocol.Ids;

/** Reads the words of a message's first line, none of which is taken on trust. */
public final class Words {
  private final String[] words;
  private final int first;

  /**
   * @param first the place of the word that counts as the first
   */
  Words(String[] words, int first) {
    this.words = words;
    this.first = first;
  }

  /** Returns how many words there are. */
  public int count() {
    return words.length - first;
  }

  /**
   * Returns the word at that place.
   *
   * @throws MalformedException if there is none
   */
  public String text(int index) {
    if (index >= count()) {
      throw new MalformedException("a word is missing");
    }
    return words[first + index];
  }

  /**
   * Returns the id at that place.
   *
   * @throws MalformedException if there is none
   */
  public String id(int index) {
    return requireId(text(index));
  }

  /**
   * Returns the user's id at that place.
   *
   * @throws MalformedException if there is none
   */
  public String userId(int index) {
    String id = text(index);
    if (!Ids.isValidUser(id)) {
      throw new MalformedException("not a user's id");
    }
    return id;
  }

  /**
   * Returns the number at that place.
   *
   * @throws MalformedException if there is none, or a negative one
   */
  public long number(int index) {
    return number(text(index));
  }

  static long number(String word) {
    long number;
    try {
      number = Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw new MalformedException("not a number");
    }
    if (number < 0) {
      throw new MalformedException("negative");
    }
    return number;
  }

  /**
   * Returns the same id.
   *
   * @throws MalformedException if it is none
   */
  public static String requireId(String id) {
    if (!Ids.isValid(id)) {
      throw new MalformedException("not an id");
    }
    return id;
  }
}
