package dev.chatgateway.abuse;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is no HTTP request, or hardly one, as bytes by a name. */
final class BadRequests {
  private static final String HOST = "Host: x\r\n";
  private static final String POST = "POST /api/tickets/1/messages HTTP/1.1\r\n" + HOST;

  private final Map<String, byte[]> all = new LinkedHashMap<>();

  private BadRequests() {
    hosts();
    targets();
    heads();
    bodies();
    otherLanguages();
    upgrades();
  }

  static Map<String, byte[]> all() {
    return new BadRequests().all;
  }

  private void hosts() {
    for (String path : new String[] {"/chat", "/socket.io/?EIO=4", "/api/tickets/1", "/", "/q/x"}) {
      add("no Host " + path, "GET " + path + " HTTP/1.1\r\n\r\n");
    }
    for (String host : new String[] {"", "a b", "x:99999999", ":", "x:y", "[::", "\u00e4", "a@b"}) {
      add("Host '" + host + "'", "GET /chat HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }
    add("two Hosts", "GET /chat HTTP/1.1\r\n" + HOST + HOST + "\r\n");
  }

  private void targets() {
    for (String target : new String[] {
      "*",
      "x",
      "x:1",
      "http://",
      "http://x",
      "http://x/chat",
      "/%zz",
      "/%",
      "/%00",
      "/..%2f..%2f",
      "/chat?%zz",
      "//",
      "/socket.io/?EIO=4&transport=%zz",
      "/api/tickets/%zz",
      "/chat#x",
      "\\",
      "/api//tickets",
      "/socket.io/?EIO=4&transport=polling&sid=%00",
      "?",
      "#"
    }) {
      for (String method : new String[] {"GET", "OPTIONS", "CONNECT"}) {
        add(method + " " + target, method + " " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
      }
    }
    add("no target", "GET HTTP/1.1\r\n" + HOST + "\r\n");
    add("an empty target", "GET  HTTP/1.1\r\n" + HOST + "\r\n");
    add("a long target", "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n" + HOST + "\r\n");
  }

  private void heads() {
    String get = "GET /api/tickets/1 HTTP/1.1\r\n" + HOST;
    add("large headers", get + "X: " + "a".repeat(20_000) + "\r\n\r\n");
    add("many headers", get + "X: a\r\n".repeat(2_000) + "\r\n");
    add("a header without a colon", get + "nonsense\r\n\r\n");
    add("a header with a zero", get + "X: a\u0000b\r\n\r\n");
    add("a folded header", get + "X: a\r\n b\r\n\r\n");
    add("a space before the colon", get + "X : a\r\n\r\n");
    add("lonely line feeds", get.replace("\r\n", "\n") + "\n");
    add("a bad cookie", get + "Cookie: =;;\u0001=\u0002\r\n\r\n");
    for (String word :
        new String[] {"Bearer", "Bearer x", "Bearer a.b.c", "Basic !!", "Digest x"}) {
      add("Authorization " + word, get + "Authorization: " + word + "\r\n\r\n");
      String chat = "GET /chat HTTP/1.1\r\n" + HOST;
      add("Authorization on /chat " + word, chat + "Authorization: " + word + "\r\n\r\n");
    }
    add("HTTP/3", get.replace("1.1", "3.0") + "\r\n");
    add("HTTP/0.9", "GET /chat\r\n\r\n");
    add("HTTP/1.0", "GET /chat HTTP/1.0\r\n\r\n");
    add(
        "a forged forwarder",
        "GET /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\n" + HOST
            + "Chat-Forwarded-By: x\r\nX-Forwarded-Host: %\r\nForwarded: for=\"\r\n\r\n");
    add("an accepted type that is none", get + "Accept: ////;q=x\r\n\r\n");
    add("a range", get + "Range: bytes=9-1\r\nIf-Modified-Since: x\r\n\r\n");
  }

  private void bodies() {
    add("two lengths", POST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    add(
        "a length and chunks",
        POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    add("a negative length", POST + "Content-Length: -1\r\n\r\n");
    add("a length that is none", POST + "Content-Length: x\r\n\r\n");
    add("an enormous length", POST + "Content-Length: 99999999999999999999\r\n\r\n");
    add("a bad chunk", POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n");
    add("a negative chunk", POST + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n");
    add("an unknown coding", POST + "Transfer-Encoding: x\r\n\r\n");
    add("an unknown expectation", POST + "Expect: x\r\nContent-Length: 1\r\n\r\n");
    add("gzip that is none", POST + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
    add(
        "a form that is none",
        POST + "Content-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\n--x");
    add("a type that is none", POST + "Content-Type: ;;;\r\nContent-Length: 2\r\n\r\n{}");
    String polling = "/socket.io/?EIO=4&transport=polling";
    add(
        "polling without a session",
        "POST " + polling + " HTTP/1.1\r\n" + HOST + "Content-Length: 2\r\n\r\n40");
  }

  private void otherLanguages() {
    add("HTTP/2 and nonsense", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense nonsense");
    add(
        "HTTP/2",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000");
    add("half of HTTP/2", "PRI * HT");
    all.put("TLS", new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3});
    add("SSH", "SSH-2.0-x\r\n");
    add("Redis", "*1\r\n$4\r\nPING\r\n");
    add("PROXY", "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n");
    add("zeros", "\u0000".repeat(100));
    add("line feeds", "\r\n".repeat(50));
    add("a WebSocket frame", "\u0081\u0005hello");
  }

  private void upgrades() {
    String get = "GET /chat HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\n";
    add("h2c", get + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");
    add("another upgrade", get + "Upgrade: x\r\n\r\n");
    for (String path :
        new String[] {"/chat", "/socket.io/?EIO=4&transport=websocket", "/x", "/api/tickets/1"}) {
      subprotocols(path);
      String webSocket =
          get.replace("/chat", path) + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
      add("no key " + path, webSocket + "\r\n");
      add("a bad key " + path, webSocket + "Sec-WebSocket-Key: x\r\n\r\n");
      add(
          "a bad protocol " + path,
          webSocket
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ,,\r\n"
              + "Sec-WebSocket-Extensions: permessage-deflate;;=\r\nOrigin: null\r\n\r\n");
      add(
          "a bad version " + path,
          webSocket.replace("13", "99") + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }
  }

  private void subprotocols(String path) {
    for (String offer : new String[] {
      "quarkus-http-upgrade",
      "quarkus-http-upgrade%",
      "x, quarkus-http-upgrade%23Content-Length%23900",
      "x, quarkus-http-upgrade%23Transfer-Encoding%23chunked",
      "bearer-token-carrier, quarkus-http-upgrade%23Authorization%23Bearer%20eyJ.x.y%0A",
      "bearer-token-carrier, quarkus-http-upgrade%23Authorization%0A%23Bearer%20eyJ.x.y"
    }) {
      for (String method : new String[] {"GET", "POST"}) {
        String line = "Sec-WebSocket-Protocol: " + offer + "\r\n";
        add(
            method + " " + path + " " + offer,
            method + " " + path + " HTTP/1.1\r\n" + HOST + line + "Content-Length: 0\r\n\r\n");
        add(
            method + " " + path + " upgrade " + offer,
            method + " " + path + " HTTP/1.1\r\n" + HOST + line
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      }
    }
  }

  private void add(String name, String request) {
    all.put(name, request.getBytes(StandardCharsets.ISO_8859_1));
  }
}
