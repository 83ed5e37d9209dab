/** Files for other programs: ONNX for inference engines, event files for TensorBoard. */
@NullMarked
package nn.export;

import org.jspecify.annotations.NullMarked;
