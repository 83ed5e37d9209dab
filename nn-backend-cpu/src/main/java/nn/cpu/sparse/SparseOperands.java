package nn.cpu.sparse;

import java.util.List;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.SparseGemm;
import nn.cpu.Place;
import nn.cpu.codegen.Species;

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
        (float[]) Place.array(sparse.images()),
        Place.of(sparse.images()).start(),
        count,
        sparse.images().shape().size() / count,
        (float[]) Place.array(sparse.values()),
        Place.of(sparse.values()).start(),
        (byte[]) Place.array(sparse.choices()),
        Place.of(sparse.choices()).start(),
        (float[]) Place.array(sparse.matrix()),
        Place.of(sparse.matrix()).start(),
        sparse.channels());
  }

  /** Where an image begins. */
  int imageAt(int image) {
    return imagesAt + image * imageSize;
  }

  /**
   * Whether a product's operands are of these types, and without gaps, its view shows nothing but
   * the images, and an image is not so large that a vector for each of its pixels would lie behind
   * {@link GatherShape#LAST_PLACE}.
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
        && size / images.shape().dim(0) < GatherShape.LAST_PLACE / (2 * Species.LANES)
        && view.shape().size() > 0
        && view.stride(0) == size / images.shape().dim(0);
  }
}
