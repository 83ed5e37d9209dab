package nn.cuda.natives;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jcuda.JCudaVersion;
import jcuda.nvrtc.JNvrtc;
import nn.backend.Finding;

/** What of CUDA is on a machine, for a person who wants to know why it runs or does not. */
public final class Diagnosis {
  private static final String CUBLAS = "cuBLAS";
  private static final String NVRTC = "NVRTC";

  private final CudaInstallation installation;
  private final List<Finding> findings = new ArrayList<>();

  private Diagnosis(CudaInstallation installation) {
    this.installation = installation;
  }

  /** Looks at files first, and then, where nothing lacks, loads them. Never throws. */
  public static List<Finding> of(CudaInstallation installation) {
    Diagnosis diagnosis = new Diagnosis(installation);
    installation.environment().platform().ifPresent(diagnosis::files);
    if (installation.problem().isEmpty()) {
      diagnosis.load();
    }
    return diagnosis.findings;
  }

  private void files(Platform platform) {
    Environment environment = installation.environment();
    find("driver", SearchPath.forDriver(environment, platform), platform.driver());
    SearchPath path = SearchPath.forToolkit(environment, platform);
    for (int major : CudaInstallation.MAJORS) {
      find(CUBLAS + " " + major, path, platform.cublas(major));
      find(NVRTC + " " + major, path, platform.nvrtc(major));
    }
  }

  private void find(String subject, SearchPath path, String file) {
    Optional<Located> found = path.find(file);
    note(subject, found.map(Diagnosis::describe).orElse(file + " not found"));
  }

  private static String describe(Located located) {
    return located.file() + ", from " + located.origin();
  }

  private void note(String subject, String detail) {
    findings.add(new Finding(subject, detail));
  }

  private void load() {
    try {
      CudaLibraries loaded = CudaLibraries.load(installation);
      int major = loaded.toolkit().major();
      note("driver's CUDA", version(loaded.driverVersion()));
      note("taken", "CUDA %d: %s".formatted(major, loaded.toolkit().cublas().file().getParent()));
      note(
          "JCuda",
          "%s%s in %s"
              .formatted(
                  JCudaVersion.get(),
                  major == 12 ? "" : " relinked for CUDA " + major,
                  JcudaNatives.folder(installation.environment(), major)));
      note(NVRTC, compiler());
    } catch (RuntimeException | LinkageError broken) {
      note("loading", "failed: " + broken.getMessage());
    }
  }

  private static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }

  private static String compiler() {
    int[] major = {0};
    int[] minor = {0};
    int[] count = {0};
    JNvrtc.nvrtcVersion(major, minor);
    JNvrtc.nvrtcGetNumSupportedArchs(count);
    int[] architectures = new int[count[0]];
    JNvrtc.nvrtcGetSupportedArchs(architectures);
    return "%d.%d, for compute %s"
        .formatted(
            major[0],
            minor[0],
            Arrays.stream(architectures)
                .mapToObj(a -> a / 10 + "." + a % 10)
                .collect(Collectors.joining(", ")));
  }
}
