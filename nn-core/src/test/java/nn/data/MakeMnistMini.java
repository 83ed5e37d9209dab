package nn.data;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes the bundled subset from the whole of MNIST: of the training and of the test images, each
 * shuffled with seed 0, the first of each class until every class has its share. Run {@code main}
 * with the folder of the four files and the folder to write to, by rule {@code
 * src/main/resources/nn/data/mnist-mini}; the sums that it prints belong in {@link MnistFile}.
 */
final class MakeMnistMini {

  private static final int TRAIN_PER_CLASS = 600;
  private static final int TEST_PER_CLASS = 100;

  private MakeMnistMini() {}

  public static void main(String[] folders) throws IOException {
    Mnist mnist = Mnist.load(Path.of(folders[0]));
    Path target = Path.of(folders[1]);
    Dataset train = evenly(mnist.train().shuffled(0), TRAIN_PER_CLASS);
    Dataset test = evenly(mnist.test().shuffled(0), TEST_PER_CLASS);
    write(target, MnistFile.TRAIN_IMAGES, images(train));
    write(target, MnistFile.TRAIN_LABELS, labels(train));
    write(target, MnistFile.TEST_IMAGES, images(test));
    write(target, MnistFile.TEST_LABELS, labels(test));
  }

  /** The first {@code perClass} examples of each class, in the order that they come. */
  static Dataset evenly(Dataset data, int perClass) {
    int[] chosen = new int[perClass * data.classes()];
    int[] count = new int[data.classes()];
    int size = 0;
    for (int i = 0; i < data.size(); i++) {
      if (count[data.labels()[i]]++ < perClass) {
        chosen[size++] = i;
      }
    }
    if (size < chosen.length) {
      throw new IllegalArgumentException("a class has fewer than " + perClass + " examples");
    }
    return data.select(chosen);
  }

  static Idx images(Dataset data) {
    int[] shape = {data.size(), data.rows(), data.cols()};
    return Idx.of(Idx.ElementType.U8, shape, data.images());
  }

  static Idx labels(Dataset data) {
    byte[] bytes = new byte[data.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) data.labels()[i];
    }
    return Idx.of(Idx.ElementType.U8, new int[] {bytes.length}, bytes);
  }

  private static void write(Path target, MnistFile file, Idx idx) throws IOException {
    idx.write(target.resolve(file.fileName() + ".gz"));
    System.out.println(file + " " + idx.sha256());
  }
}
