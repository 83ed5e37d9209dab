package nn.cuda.natives;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folders to look in, in order, and where each came from. */
final class SearchPath {
  /** A folder that holds libcuda.so.1, libcublas and libnvrtc, before all others. */
  static final String HOME = "NN_CUDA_HOME";

  private static final List<String> CONDA =
      List.of("miniconda3", "miniforge3", "mambaforge", "anaconda3");

  /**
   * Folders of one origin.
   *
   * @param origin as users know it
   * @param folders may not exist
   */
  private record Place(String origin, List<Path> folders) {}

  private final Environment environment;
  private final Platform platform;
  private final List<Place> places = new ArrayList<>();

  private SearchPath(Environment environment, Platform platform) {
    this.environment = environment;
    this.platform = platform;
  }

  static SearchPath forDriver(Environment environment, Platform platform) {
    SearchPath path = new SearchPath(environment, platform);
    path.home(HOME);
    if (platform == Platform.WINDOWS) {
      path.variable("SystemRoot", folder -> List.of(folder.resolve("System32")));
      return path;
    }
    path.loader("libcuda.so");
    path.system(
        "usr/lib/x86_64-linux-gnu",
        "usr/lib64",
        "usr/lib",
        "usr/local/nvidia/lib64",
        "usr/lib/wsl/lib",
        "run/opengl-driver/lib");
    return path;
  }

  static SearchPath forToolkit(Environment environment, Platform platform) {
    SearchPath path = new SearchPath(environment, platform);
    path.home(HOME);
    path.home("CUDA_PATH");
    path.home("CUDA_HOME");
    if (platform == Platform.LINUX) {
      path.homes("/usr/local/cuda*", Folders.list(environment.absolute("usr/local"), "cuda*"));
      path.homes("/opt/cuda", List.of(environment.absolute("opt/cuda")));
      path.loader("libcublas.so", "libnvrtc.so");
      path.system("usr/lib/x86_64-linux-gnu", "usr/lib64");
    }
    path.add("PATH", platform == Platform.WINDOWS ? environment.folders("PATH") : List.of());
    path.conda();
    path.pip();
    return path;
  }

  /** A toolkit's folder that a variable names. */
  private void home(String variable) {
    variable(variable, home -> Folders.below(home, platform.folders()).toList());
  }

  private void homes(String origin, List<Path> homes) {
    add(origin, homes.stream().flatMap(h -> Folders.below(h, platform.folders())).toList());
  }

  private void variable(String name, Function<Path, List<Path>> folders) {
    Optional<String> value = environment.variable(name);
    String origin = value.map(v -> name + "=" + v).orElse(name + " (not set)");
    add(origin, value.map(v -> folders.apply(Path.of(v))).orElse(List.of()));
  }

  private void loader(String... prefixes) {
    add("LD_LIBRARY_PATH", environment.folders("LD_LIBRARY_PATH"));
    Path cache = environment.absolute("etc/ld.so.cache");
    add(
        "the loader's cache",
        Stream.of(prefixes).flatMap(p -> LoaderCache.folders(cache, p).stream()).toList());
  }

  private void system(String... folders) {
    add("the system's folders", Stream.of(folders).map(environment::absolute).toList());
  }

  private void conda() {
    List<Path> bases = new ArrayList<>();
    environment.variable("CONDA_PREFIX").ifPresent(prefix -> bases.add(Path.of(prefix)));
    CONDA.forEach(name -> bases.add(environment.home().resolve(name)));
    bases.add(environment.absolute("opt/conda"));
    homes("conda", bases);
  }

  /** {@code site-packages/nvidia/<package>/lib} of every Python that is near, and of our own. */
  private void pip() {
    List<Path> found = new ArrayList<>();
    found.addAll(nvidia(environment.ownToolkit()));
    for (Path prefix : pythons()) {
      for (Path python : Folders.descend(prefix, "lib*", "python3*")) {
        found.addAll(nvidia(python.resolve("site-packages")));
        found.addAll(nvidia(python.resolve("dist-packages")));
      }
      found.addAll(nvidia(prefix.resolve("Lib/site-packages")));
    }
    add("pip (site-packages/nvidia/*/lib)", found);
  }

  private List<Path> nvidia(Path packages) {
    String libraries = platform == Platform.LINUX ? "lib" : "bin";
    List<Path> folders = Folders.descend(packages, "nvidia", "*", libraries);
    return Stream.concat(
            folders.stream().map(folder -> folder.resolve("x86_64")).filter(Files::isDirectory),
            folders.stream())
        .toList();
  }

  private List<Path> pythons() {
    List<Path> prefixes = new ArrayList<>();
    environment.variable("VIRTUAL_ENV").ifPresent(v -> prefixes.add(Path.of(v)));
    environment.variable("CONDA_PREFIX").ifPresent(v -> prefixes.add(Path.of(v)));
    for (Path folder : environment.folders("PATH")) {
      Path parent = folder.getParent();
      if (parent != null && Files.exists(folder.resolve("python3"))) {
        prefixes.add(parent);
      }
    }
    prefixes.add(environment.home().resolve(".local"));
    CONDA.forEach(name -> prefixes.add(environment.home().resolve(name)));
    Stream.of("opt/conda", "usr/local", "usr")
        .forEach(folder -> prefixes.add(environment.absolute(folder)));
    return prefixes.stream().distinct().toList();
  }

  private void add(String origin, List<Path> folders) {
    places.add(new Place(origin, folders));
  }

  /** The first file of that name. */
  Optional<Located> find(String file) {
    for (Place place : places) {
      for (Path folder : place.folders()) {
        if (Files.isRegularFile(folder.resolve(file))) {
          return Optional.of(new Located(folder.resolve(file), place.origin()));
        }
      }
    }
    return Optional.empty();
  }

  /** The places looked in, in words. */
  String describe() {
    return places.stream()
        .map(Place::origin)
        .filter(origin -> !origin.equals("PATH") || platform == Platform.WINDOWS)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
