import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './frame.css';
import './pages.css';
import './subjects.css';
import './work.css';

createRoot(document.getElementById('root')!).render(<App />);
