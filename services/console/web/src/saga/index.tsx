export { SagaScreen as default } from './page/saga-screen.tsx';
