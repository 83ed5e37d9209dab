package nn.cuda.natives;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * NVIDIA's libraries of one major version of CUDA.
 *
 * @param major 12 or 13
 * @param cublas matrix products
 * @param nvrtc the compiler
 */
public record Toolkit(int major, Located cublas, Located nvrtc) {

  static Optional<Toolkit> find(int major, SearchPath path, Platform platform) {
    Optional<Located> nvrtc = path.find(platform.nvrtc(major));
    return path.find(platform.cublas(major))
        .flatMap(cublas -> nvrtc.map(found -> new Toolkit(major, cublas, found)));
  }

  /** Every file to load, what is needed before what needs it. */
  List<Path> files(Platform platform) {
    List<Path> files = new ArrayList<>();
    files.addAll(beside(nvrtc, platform.nvrtcBuiltins(major)).stream().limit(1).toList());
    files.add(nvrtc.file());
    files.addAll(beside(cublas, platform.cublasLt(major)));
    files.add(cublas.file());
    return files;
  }

  private static List<Path> beside(Located library, String glob) {
    Path folder = library.file().getParent();
    return folder == null ? List.of() : Folders.list(folder, glob);
  }
}
