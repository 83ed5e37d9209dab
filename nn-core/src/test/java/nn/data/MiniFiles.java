package nn.data;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** The bundled subset in the guises that the whole of MNIST comes in. */
final class MiniFiles {

  private MiniFiles() {}

  static Idx idx(MnistFile file) throws DataException {
    return new BundledSource().read(file);
  }

  static void write(Path folder) throws IOException {
    for (MnistFile file : MnistFile.values()) {
      idx(file).write(folder.resolve(file.fileName()));
    }
  }

  static byte[] gzip(MnistFile file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      idx(file).writeTo(packed);
    }
    return out.toByteArray();
  }

  /** A server on the loopback device without any page yet, not started. */
  static HttpServer server() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }
}
