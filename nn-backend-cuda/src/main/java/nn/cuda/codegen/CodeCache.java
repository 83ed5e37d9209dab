package nn.cuda.codegen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import nn.data.AtomicFile;
import org.jspecify.annotations.Nullable;

/**
 * Compiled code in files, each beginning with the SHA-256 of the rest: so that a damaged one counts
 * as not there. A folder that cannot be read or written costs time, never a result.
 */
public final class CodeCache {
  private static final System.Logger LOG = System.getLogger(CodeCache.class.getName());
  private static final int DIGEST = 32;

  private final Path folder;
  private final String compiler;

  /**
   * A cache for one compiler.
   *
   * @param compiler its version, options and target: all that code depends on besides the source
   */
  public CodeCache(Path folder, String compiler) {
    this.folder = folder;
    this.compiler = compiler;
  }

  /** The code of a source; null if it is not there, or damaged. */
  public byte @Nullable [] find(KernelSource source) {
    Path file = file(source);
    try {
      byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      if (all.length <= DIGEST) {
        return null;
      }
      byte[] code = Arrays.copyOfRange(all, DIGEST, all.length);
      return Arrays.equals(sha256(code), Arrays.copyOf(all, DIGEST)) ? code : null;
    } catch (IOException unreadable) {
      LOG.log(System.Logger.Level.DEBUG, "cannot read " + file, unreadable);
      return null;
    }
  }

  /** Keeps code for later, in place of what may be there. */
  public void keep(KernelSource source, byte[] code) {
    Path file = file(source);
    try {
      AtomicFile.write(
          file,
          out -> {
            out.write(sha256(code));
            out.write(code);
          });
    } catch (IOException unwritable) {
      LOG.log(System.Logger.Level.DEBUG, "cannot write " + file, unwritable);
    }
  }

  Path file(KernelSource source) {
    String all = String.join("\0", compiler, source.name(), source.text());
    byte[] digest = sha256(all.getBytes(StandardCharsets.UTF_8));
    return folder.resolve(source.name() + "-" + HexFormat.of().formatHex(digest) + ".cubin");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
