/**
 * Data on the host: IDX files, labelled image data sets, MNIST and where it comes from, the order
 * of examples in an epoch, and arrays stored in safetensors files. Nothing here knows a backend: a
 * trainer uploads a data set once, as the bytes it is made of.
 */
@NullMarked
package nn.data;

import org.jspecify.annotations.NullMarked;
