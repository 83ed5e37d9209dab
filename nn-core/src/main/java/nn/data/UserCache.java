package nn.data;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Where the user's account keeps what can be got or made again. */
public final class UserCache {
  private UserCache() {}

  /** The folder that is nn's own; it need not exist. */
  public static Path folder() {
    return folder(System.getenv(), System.getProperty("user.home"), windows());
  }

  /**
   * The folder for an environment and a home.
   *
   * @param environment its variables {@code XDG_CACHE_HOME} and, on Windows, {@code LOCALAPPDATA}
   *     come before {@code home/.cache}
   */
  public static Path folder(Map<String, String> environment, String home, boolean windows) {
    // The XDG specification says to ignore a path that is not absolute.
    return Stream.of("XDG_CACHE_HOME", windows ? "LOCALAPPDATA" : "")
        .map(variable -> environment.getOrDefault(variable, ""))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .filter(Path::isAbsolute)
        .findFirst()
        .orElse(Path.of(home, ".cache"))
        .resolve("nn");
  }

  static boolean windows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }
}
