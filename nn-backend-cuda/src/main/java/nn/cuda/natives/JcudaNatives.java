package nn.cuda.natives;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import jcuda.JCudaVersion;
import jcuda.driver.JCudaDriver;

/**
 * JCuda's own native libraries. JCuda would unpack them into {@code java.io.tmpdir}, which users of
 * a machine share, and would load whatever file of the right name lies there already; so they are
 * unpacked into a private folder, which stands for {@code java.io.tmpdir} while JCuda loads.
 */
final class JcudaNatives {
  private static final String TEMPORARY = "java.io.tmpdir";

  private final Platform platform;
  private final PrivateFolder folder;

  JcudaNatives(Platform platform, PrivateFolder folder) {
    this.platform = platform;
    this.folder = folder;
  }

  /** The folder for the natives that fit a major version of CUDA. */
  static Path folder(Environment environment, int major) {
    return environment
        .cache()
        .resolve("natives")
        .resolve("jcuda-" + JCudaVersion.get() + "-cuda" + major);
  }

  /**
   * Unpacks a library, changed as the caller wants, and has JCuda load it.
   *
   * @param name such as JNvrtc
   * @param owner the class that has the library's functions
   */
  void load(String name, String owner, UnaryOperator<byte[]> change) throws IOException {
    String file = platform.jcuda(name, JCudaVersion.get());
    Path library = folder.provide(file, change.apply(resource(file)));
    NativeLoading.load(library);
    initialize(owner);
  }

  private static byte[] resource(String file) throws IOException {
    try (InputStream in = JCudaDriver.class.getResourceAsStream("/lib/" + file)) {
      if (in == null) {
        throw new CudaUnavailableException(
            file + " is not on the class path",
            "Build nn on this system, so that it brings JCuda's natives for it");
      }
      return in.readAllBytes();
    }
  }

  private void initialize(String owner) {
    String before = System.getProperty(TEMPORARY);
    System.setProperty(TEMPORARY, folder.path().toString());
    try {
      Class.forName(owner, true, JcudaNatives.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError broken) {
      throw NativeLoading.failure(owner, broken);
    } finally {
      System.setProperty(TEMPORARY, before);
    }
  }
}
