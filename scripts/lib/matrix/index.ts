export { matrixOf, type Cell, type Column, type Matrix, type Row } from './matrix';
