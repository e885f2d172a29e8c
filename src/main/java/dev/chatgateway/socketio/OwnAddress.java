package dev.chatgateway.socketio;

import dev.chatgateway.presence.PeerAddress;
import dev.chatgateway.presence.PeersConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where other machines reach this one, as far as can be told from here. */
final class OwnAddress {
  private static final List<String> EVERY_ADDRESS = List.of("0.0.0.0", "::", "[::]");
  private static final String LOOPBACK = "127.0.0.1";

  private final PeersConfig config;
  private final String listeningOn;
  private Optional<Integer> plainPort = Optional.empty();
  private Optional<Integer> tlsPort = Optional.empty();

  /**
   * @param listeningOn the host of the server
   */
  OwnAddress(PeersConfig config, String listeningOn) {
    this.config = config;
    this.listeningOn = listeningOn;
  }

  /** The port of plain HTTP is open; returns the address to announce. */
  synchronized PeerAddress plain(int port) {
    plainPort = Optional.of(port);
    return address();
  }

  /** The port that speaks TLS is open; returns the address to announce. */
  synchronized PeerAddress tls(int port) {
    tlsPort = Optional.of(port);
    return address();
  }

  private PeerAddress address() {
    PeerAddress address = config
        .address()
        .map(given -> PeerAddress.parse(given)
            .orElseThrow(() -> new IllegalStateException("chat.peers.address is none: " + given)))
        .orElseGet(() ->
            PeerAddress.plain(host(listeningOn), tlsPort.or(() -> plainPort).orElseThrow()));
    boolean plain =
        tlsPort.isEmpty() || plainPort.filter(port -> port == address.port()).isPresent();
    return plain ? address : address.withTls(config.tlsName().orElse(address.host()));
  }

  /**
   * Returns the address that is listened on if it is a single one; else the first of an interface
   * that is up, of IPv4 if there is one, and the loopback's if there is none.
   */
  static String host(String listeningOn) {
    return EVERY_ADDRESS.contains(listeningOn) ? first() : listeningOn;
  }

  private static String first() {
    try {
      return first(Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .filter(OwnAddress::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .toList());
    } catch (SocketException e) {
      return LOOPBACK;
    }
  }

  /** Returns the first of IPv4, or else of IPv6, that other machines can reach. */
  static String first(List<InetAddress> addresses) {
    return addresses.stream()
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .min(Comparator.comparing(address -> address instanceof Inet4Address ? 0 : 1))
        .map(OwnAddress::text)
        .orElse(LOOPBACK);
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%'); // "fd00::2%eth0" means something on this machine only
    return zone < 0 ? text : text.substring(0, zone);
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false;
    }
  }
}
