/** The experiments of the study notes, one class each: {@code nn example NAME}. */
@NullMarked
package nn.examples.experiment;

import org.jspecify.annotations.NullMarked;
