package nn.data;

import java.io.IOException;
import java.io.InputStream;

/** The subset of MNIST that ships with this module. */
final class BundledSource implements MnistSource {

  @Override
  public String name() {
    return "the bundled subset";
  }

  @Override
  public Idx read(MnistFile file) throws DataException {
    String resource = "mnist-mini/" + file.fileName() + ".gz";
    try (InputStream in = BundledSource.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new DataException(resource + ": missing from nn-core; build the module again");
      }
      return Idx.read(in, resource);
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(resource + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
