package nn.cuda.natives;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is installed of CUDA. Finding looks at files and variables alone, and never throws.
 *
 * @param environment where it was looked for
 * @param driver the driver's library
 * @param toolkits complete ones, the newest first, but those of {@code NN_CUDA_HOME} before others
 */
public record CudaInstallation(
    Environment environment, Optional<Located> driver, List<Toolkit> toolkits) {
  /** The majors of CUDA that can be used, the newest first. */
  static final List<Integer> MAJORS = List.of(13, 12);

  static final Runtime.Version OLDEST_JAVA = Runtime.Version.parse("25.0.3");

  /** The driver's branch, such as 580, is part of the name of the file behind libcuda.so.1. */
  private static final Pattern BRANCH = Pattern.compile("libcuda\\.so\\.(\\d{3})\\..*");

  private static final int BRANCH_OF_CUDA_13 = 580;

  public CudaInstallation {
    toolkits = List.copyOf(toolkits);
  }

  /** Looks on this machine. */
  public static CudaInstallation find() {
    return find(Environment.current());
  }

  /** Looks in the given environment. */
  public static CudaInstallation find(Environment environment) {
    Optional<Platform> platform = environment.platform();
    if (platform.isEmpty()) {
      return new CudaInstallation(environment, Optional.empty(), List.of());
    }
    Platform system = platform.get();
    SearchPath path = SearchPath.forToolkit(environment, system);
    List<Toolkit> toolkits =
        MAJORS.stream()
            .flatMap(major -> Toolkit.find(major, path, system).stream())
            .sorted((a, b) -> Boolean.compare(isChosen(b), isChosen(a)))
            .toList();
    Optional<Located> driver = SearchPath.forDriver(environment, system).find(system.driver());
    return new CudaInstallation(environment, driver, toolkits);
  }

  private static boolean isChosen(Toolkit toolkit) {
    return toolkit.cublas().origin().startsWith(SearchPath.HOME);
  }

  /** The best toolkit for a driver that knows CUDA up to this major. */
  Optional<Toolkit> toolkit(int newest) {
    return toolkits.stream().filter(toolkit -> toolkit.major() <= newest).findFirst();
  }

  /** What stands in the way, as far as files can show it. */
  public Optional<CudaUnavailableException> problem() {
    return Stream.<Optional<CudaUnavailableException>>of(
            platformProblem(), javaProblem(), driverProblem(), toolkitProblem(newestMajor()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<CudaUnavailableException> platformProblem() {
    return problem(
        environment.platform().isEmpty(),
        "JCuda has natives for Linux and Windows on x86_64, not for "
            + environment.system()
            + " on "
            + environment.architecture(),
        "Use --backend cpu");
  }

  private Optional<CudaUnavailableException> javaProblem() {
    return problem(
        environment.java().compareToIgnoreOptional(OLDEST_JAVA) < 0,
        "Java "
            + environment.java()
            + " may move arrays while CUDA copies them (JDK-8377811); "
            + OLDEST_JAVA
            + " does not",
        "Install Java " + OLDEST_JAVA + " or newer, and set NN_JAVA_HOME to its folder");
  }

  private Optional<CudaUnavailableException> driverProblem() {
    return environment
        .platform()
        .filter(platform -> driver.isEmpty())
        .map(platform ->
            new CudaUnavailableException(
                "no NVIDIA driver (" + platform.driver() + ")",
                "Looked in "
                    + SearchPath.forDriver(environment, platform).describe()
                    + ". "
                    + Remedies.driver(environment)));
  }

  /** The libraries that lack for a driver that knows CUDA up to this major. */
  Optional<CudaUnavailableException> toolkitProblem(int newest) {
    return environment
        .platform()
        .filter(platform -> toolkit(newest).isEmpty())
        .map(platform ->
            new CudaUnavailableException(
                missing(platform, newest),
                "Looked in "
                    + SearchPath.forToolkit(environment, platform).describe()
                    + ". "
                    + Remedies.toolkit(environment, newest)));
  }

  /** A toolkit is whole or useless, so the sentence names each library that is not there. */
  private String missing(Platform platform, int newest) {
    SearchPath path = SearchPath.forToolkit(environment, platform);
    int[] majors = MAJORS.stream().mapToInt(m -> m).filter(m -> m <= newest).toArray();
    Stream<String> cublas = Arrays.stream(majors).mapToObj(platform::cublas);
    Stream<String> nvrtc = Arrays.stream(majors).mapToObj(platform::nvrtc);
    List<String> lacking =
        Stream.concat(cublas, nvrtc).filter(file -> path.find(file).isEmpty()).toList();
    return "no complete CUDA toolkit (lacks " + String.join(", ", lacking) + ")";
  }

  /** The newest major that the driver takes, as far as its file's name tells. */
  int newestMajor() {
    OptionalInt branch = driverBranch();
    return branch.isPresent() && branch.getAsInt() < BRANCH_OF_CUDA_13 ? 12 : 13;
  }

  private OptionalInt driverBranch() {
    try {
      Path file = driver.isPresent() ? driver.get().file().toRealPath() : Path.of("none");
      Matcher name = BRANCH.matcher(String.valueOf(file.getFileName()));
      return name.matches() ? OptionalInt.of(Integer.parseInt(name.group(1))) : OptionalInt.empty();
    } catch (IOException unreadable) {
      return OptionalInt.empty();
    }
  }

  private static Optional<CudaUnavailableException> problem(
      boolean holds, String reason, String remedy) {
    return holds ? Optional.of(new CudaUnavailableException(reason, remedy)) : Optional.empty();
  }
}
