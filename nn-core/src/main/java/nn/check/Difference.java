package nn.check;

/**
 * How far two gradients of one array are apart, at the element where they differ most.
 *
 * @param array its name
 * @param relative {@code |a - n| / (|a| + |n|)}, the denominator kept above what differences can
 *     resolve
 * @param element its row-major number
 * @param backpropagated a
 * @param numerical n
 */
public record Difference(
    String array, double relative, int element, double backpropagated, double numerical) {}
