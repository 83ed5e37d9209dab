package nn.cuda.natives;

import java.nio.file.Path;

/** Loads libraries, and says in one line why one cannot be loaded. */
final class NativeLoading {
  private NativeLoading() {}

  @SuppressWarnings("restricted") // loading native code is what this class is for
  static void load(Path library) {
    try {
      System.load(library.toAbsolutePath().toString());
    } catch (UnsatisfiedLinkError broken) {
      throw failure(library.toString(), broken);
    }
  }

  static CudaUnavailableException failure(String what, Throwable broken) {
    String message = String.valueOf(broken.getMessage()).lines().findFirst().orElse("");
    String reason = message.startsWith(what) ? message : what + ": " + message;
    return new CudaUnavailableException(
        "cannot load " + reason, "See: nn doctor, which says where each library was found");
  }
}
