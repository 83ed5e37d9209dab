package nn.cuda.natives;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nn.data.UserCache;

/**
 * What the search looks at: tests make their own.
 *
 * @param variables environment variables
 * @param root the file system's root, below which the usual places are
 * @param home the user's home
 * @param system {@code os.name}
 * @param architecture {@code os.arch}
 * @param java the Java that runs
 */
public record Environment(
    Map<String, String> variables,
    Path root,
    Path home,
    String system,
    String architecture,
    Runtime.Version java) {

  public Environment {
    variables = Map.copyOf(variables);
  }

  /** This process on this machine; a system property {@code NN_CUDA_HOME} is as the variable. */
  public static Environment current() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    Optional.ofNullable(System.getProperty(SearchPath.HOME))
        .ifPresent(home -> variables.put(SearchPath.HOME, home));
    return new Environment(
        variables,
        Path.of("/"),
        Path.of(System.getProperty("user.home")),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.version());
  }

  Optional<Platform> platform() {
    return Platform.of(system, architecture);
  }

  /** A variable's value, unless it is empty or not set. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** The folders that a variable such as {@code PATH} lists. */
  List<Path> folders(String name) {
    String separator = system.startsWith("Windows") ? ";" : ":";
    return variable(name).stream()
        .flatMap(value -> List.of(value.split(separator)).stream())
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .toList();
  }

  /** A path from the root of the file system. */
  Path absolute(String path) {
    return root.resolve(path);
  }

  /** nn's own folder among the user's caches. */
  Path cache() {
    return UserCache.folder(variables, home.toString(), system.startsWith("Windows"));
  }

  /** Where a package installer can put NVIDIA's libraries for nn alone. */
  Path ownToolkit() {
    return cache().resolve("toolkit");
  }
}
