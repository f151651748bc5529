package org.spate.app.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the state of a folder's torrents is kept. */
class StateHomeTest {
  @TempDir private Path root;

  @Test
  void it_is_where_the_environment_says_or_below_the_users_folder() {
    assertThat(StateHome.of(Map.of("XDG_STATE_HOME", "/var/s"), "/u").folder())
        .isEqualTo(Path.of("/var/s/spate"));
    for (var environment : new String[] {"", "relative/path"}) {
      assertThat(StateHome.of(Map.of("XDG_STATE_HOME", environment), "/u").folder())
          .isEqualTo(Path.of("/u/.local/state/spate"));
    }
    assertThat(StateHome.of(Map.of(), "/u").folder()).isEqualTo(Path.of("/u/.local/state/spate"));
  }

  @Test
  void each_folder_has_its_own_and_finds_it_again() throws IOException {
    var home = new StateHome(root.resolve("state"));
    var one = Files.createDirectory(root.resolve("one"));
    var two = Files.createDirectories(root.resolve("elsewhere/one"));

    assertThat(home.stateOf(one)).isNotEqualTo(home.stateOf(two));
    assertThat(home.stateOf(one).getParent()).isEqualTo(root.resolve("state"));
    assertThat(home.stateOf(root.resolve("elsewhere/../one/."))).isEqualTo(home.stateOf(one));
  }

  @Test
  void links_and_folders_to_come_lead_to_the_same_state() throws IOException {
    var home = new StateHome(root.resolve("state"));
    var real = Files.createDirectory(root.resolve("real"));
    var link = Files.createSymbolicLink(root.resolve("link"), real);
    var before = home.stateOf(link.resolve("later"));
    Files.createDirectory(real.resolve("later"));

    assertThat(home.stateOf(link)).isEqualTo(home.stateOf(real));
    assertThat(home.stateOf(real.resolve("later"))).isEqualTo(before);
  }

  @Test
  void any_name_of_a_folder_makes_a_plain_name() {
    var home = new StateHome(root);
    for (String name : new String[] {"a b\n", "文件", "x".repeat(200), "/"}) {
      var state = home.stateOf(Path.of("/").resolve(name));
      assertThat(state.getFileName().toString()).matches("[A-Za-z0-9._]{1,40}-[0-9a-f]{20}");
    }
  }
}
