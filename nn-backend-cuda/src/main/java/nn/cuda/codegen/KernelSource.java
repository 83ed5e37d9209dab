package nn.cuda.codegen;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A kernel as CUDA C.
 *
 * @param name of the {@code extern "C"} function
 * @param prelude functions that kernels share
 * @param body the kernel and the functions that it alone calls
 */
public record KernelSource(String name, String prelude, String body) {
  private static final String PRELUDE = resource("prelude.cu");
  private static final String COMBINE = resource("combine.cu");

  /** A kernel whose threads work alone. */
  static KernelSource of(String name, String body) {
    return new KernelSource(name, PRELUDE, body);
  }

  /** A kernel whose threads combine values. */
  static KernelSource combining(String name, String body) {
    return new KernelSource(name, PRELUDE + "\n" + COMBINE, body);
  }

  /** All of the translation unit. */
  public String text() {
    return prelude + "\n" + body;
  }

  private static String resource(String file) {
    try (InputStream in = KernelSource.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
