package dev.chatgateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private final SessionFixture fixture = new SessionFixture();
  private final Directory directory = new Directory();

  @AfterEach
  void end() throws Exception {
    fixture.close();
  }

  @Test
  void aUserIsThereFromTheFirstConnectionToTheLast() {
    Session one = session("7", false);
    Session two = session("7", false);
    directory.add(one, 1, List.of("101"));
    LocalUser user = directory.add(two, 2, List.of("101", "102"));

    assertThat(directory.user("7")).isSameAs(user);
    assertThat(user.sessions()).containsExactly(one, two);
    assertThat(user.connections()).isEqualTo(2);
    assertThat(directory.followers("102")).containsExactly(user);

    directory.remove(one);
    assertThat(directory.followers("101")).containsExactly(user);
    directory.remove(two);
    directory.remove(two);
    assertThat(directory.user("7")).isNull();
    assertThat(directory.followers("101")).isEmpty();
    assertThat(directory.users()).isEmpty();
  }

  @Test
  void addingASessionAgainUpdatesWhatIsKnown() {
    Session one = session("7", false);
    directory.add(one, 1, List.of("101"));
    LocalUser user = directory.add(one, 3, List.of("102"));

    assertThat(user.sessions()).containsExactly(one);
    assertThat(user.connections()).isEqualTo(3);
    assertThat(directory.followers("101")).isEmpty();
    assertThat(directory.followers("102")).containsExactly(user);
  }

  @Test
  void followingIsSetOnceHoweverOftenItIsSaid() {
    directory.add(session("7", false), 1, List.of());
    directory.setFollows("7", "101", true);
    directory.setFollows("7", "101", true);
    assertThat(directory.followers("101")).hasSize(1);
    directory.setFollows("7", "101", false);
    directory.setFollows("7", "101", false);
    assertThat(directory.followers("101")).isEmpty();
    directory.setFollows("8", "101", true);
    directory.setConnections("8", 5);
    assertThat(directory.followers("101")).isEmpty();
  }

  @Test
  void onlyStaffAreAdmins() {
    Session admin = session("9", true);
    Session customer = session("7", false);
    directory.add(admin, 1, List.of());
    directory.add(customer, 1, List.of());
    assertThat(directory.admins()).containsExactly(admin);
    directory.remove(admin);
    assertThat(directory.admins()).isEmpty();
  }

  private Session session(String userId, boolean admin) {
    return fixture.session(userId, admin, new SessionFixture.Sent());
  }
}
