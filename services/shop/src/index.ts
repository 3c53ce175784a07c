export { type Style, styleOf, styles } from './styles.ts';
