package nn.cpu.sparse;

import java.util.List;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.SparseGemm;
import nn.cpu.CpuBuffer;

/**
 * A product's memory: arrays, and where in them an operand begins.
 *
 * @param count of images
 * @param imageSize elements of one
 * @param channels of the values, and columns of the matrix
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SparseOperands(
    float[] images,
    int imagesAt,
    int count,
    int imageSize,
    float[] values,
    int valuesAt,
    byte[] choices,
    int choicesAt,
    float[] matrix,
    int matrixAt,
    int channels) {

  static SparseOperands of(SparseGemm sparse) {
    int count = sparse.images().shape().dim(0);
    return new SparseOperands(
        (float[]) array(sparse.images()),
        at(sparse.images()),
        count,
        sparse.images().shape().size() / count,
        (float[]) array(sparse.values()),
        at(sparse.values()),
        (byte[]) array(sparse.choices()),
        at(sparse.choices()),
        (float[]) array(sparse.matrix()),
        at(sparse.matrix()),
        sparse.channels());
  }

  /** Where an image begins. */
  int imageAt(int image) {
    return imagesAt + image * imageSize;
  }

  /**
   * Whether a product's operands are of these types, and without gaps, and its view shows nothing
   * but the images.
   */
  static boolean suit(SparseGemm sparse) {
    boolean real =
        List.of(sparse.images(), sparse.values(), sparse.matrix()).stream()
            .allMatch(o -> o.type() == DType.F32);
    boolean dense =
        sparse.values().layout().isContiguous() && sparse.choices().layout().isContiguous();
    Layout images = sparse.images().layout();
    Layout view = sparse.view().layout();
    boolean within = images.begin() <= view.begin() && view.end() <= images.end();
    int size = images.shape().size();
    return real
        && dense
        && within
        && sparse.choices().type() == DType.U8
        && size > 0
        && view.shape().size() > 0
        && view.stride(0) == size / images.shape().dim(0);
  }

  private static int at(Operand operand) {
    return CpuBuffer.of(operand.buffer()).first() + operand.layout().offset();
  }

  private static Object array(Operand operand) {
    return CpuBuffer.of(operand.buffer()).array();
  }
}
