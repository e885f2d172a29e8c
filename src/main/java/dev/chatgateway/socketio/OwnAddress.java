package dev.chatgateway.socketio;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;

/** Where other machines reach this one, as far as can be told from here. */
final class OwnAddress {
  private static final List<String> EVERY_ADDRESS = List.of("0.0.0.0", "::", "[::]");

  private OwnAddress() {}

  /**
   * The address that is listened on where it is a single one; else the first IPv4 address of an
   * interface that is up, but for the loopback's, which is what is left.
   */
  static String of(String listeningOn) {
    return EVERY_ADDRESS.contains(listeningOn) ? first() : listeningOn;
  }

  private static String first() {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .filter(OwnAddress::isUp)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
          .map(InetAddress::getHostAddress)
          .findFirst()
          .orElse("127.0.0.1");
    } catch (SocketException e) {
      return "127.0.0.1";
    }
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false;
    }
  }
}
